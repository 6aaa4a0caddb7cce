// Trap: a validator that no document keeps.
exports.up = async (db) => { await db.command({ collMod: 'customers', validator: { n: { $type: 'string' } } }); };
exports.down = async (db) => { await db.command({ collMod: 'customers', validator: {} }); };
