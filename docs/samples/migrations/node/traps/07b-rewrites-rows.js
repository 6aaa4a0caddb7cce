// Trap: it edits the row of another migration.
exports.up = async (db) => { await db.collection('changelog').updateOne(
    { fileName: '1-edited.js' }, { $set: { fileHash: '' } });
    await db.collection('flags').updateOne({ _id: 'b' }, { $set: { on: true } }, { upsert: true }); };
exports.down = async (db) => { await db.collection('flags').deleteOne({ _id: 'b' }); };
