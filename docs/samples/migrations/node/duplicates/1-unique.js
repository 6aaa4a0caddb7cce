// Trap: a unique index on data that has duplicates, as only real data does.
exports.up = async (db) => { await db.collection('customers').createIndex({ country: 1 }, { unique: true }); };
exports.down = async (db) => { await db.collection('customers').dropIndex({ country: 1 }); };
