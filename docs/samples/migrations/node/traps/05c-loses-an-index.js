// Trap: the rollback rebuilds a collection, and forgets its index.
exports.up = async (db) => { await db.collection('regions').drop(); };
exports.down = async (db) => { await db.collection('regions').insertOne({ _id: 'eu', name: 'EU' }); };
