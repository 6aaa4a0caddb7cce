// Good: to build the index again does nothing.
exports.up = async (db) => { await db.collection('customers').createIndex({ n: 1 }); };
exports.down = async (db) => { await db.collection('customers').dropIndex({ n: 1 }); };
