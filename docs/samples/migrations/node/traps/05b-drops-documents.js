// Trap: what it deletes, the rollback brings back only in part.
exports.up = async (db) => { await db.collection('legacy').deleteMany({}); };
exports.down = async (db) => { await db.collection('legacy').insertOne({ _id: 1, kept: true }); };
