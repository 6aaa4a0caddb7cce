// Trap: each run comes to something else.
exports.up = async (db) => { await db.collection('stamps').updateOne(
    { _id: 'r' }, { $set: { at: Math.random() } }, { upsert: true }); };
exports.down = async (db) => { await db.collection('stamps').drop(); };
