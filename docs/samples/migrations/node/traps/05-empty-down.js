// Trap: a rollback that does nothing.
exports.up = async (db) => { await db.collection('flags').updateOne(
    { _id: 'a' }, { $set: { on: true } }, { upsert: true }); };
exports.down = async (db) => { };
