// Trap: run again, it counts again.
exports.up = async (db) => { await db.collection('customers').updateMany({}, { $inc: { n: 1 } }); };
exports.down = async (db) => { await db.collection('customers').updateMany({}, { $inc: { n: -1 } }); };
