// Trap: its rollback removes the row of another migration.
exports.up = async (db) => { await db.collection('flags').updateOne(
    { _id: 'c' }, { $set: { on: true } }, { upsert: true }); };
exports.down = async (db) => { await db.collection('flags').deleteOne({ _id: 'c' });
    await db.collection('changelog').deleteOne({ fileName: '01-index.js' }); };
