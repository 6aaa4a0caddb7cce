// What comes after one that failed is not tested.
exports.up = async (db) => { await db.collection('late').insertOne({ _id: 1 }); };
exports.down = async (db) => { await db.collection('late').drop(); };
