// An index; to build it again does nothing.
exports.up = async (db) => { await db.collection('customers').createIndex({ name: 1 }); };
exports.down = async (db) => { await db.collection('customers').dropIndex({ name: 1 }); };
