// Trap: applied, edited afterwards, and useFileHash is on: it runs again, upon what it had done.
exports.up = async (db) => { await db.collection('customers').insertOne({ _id: 7, name: 'edited' }); };
exports.down = async (db) => { await db.collection('customers').deleteOne({ _id: 7 }); };
