// Trap: it fails half way, and what it wrote stays.
exports.up = async (db) => { await db.collection('half').insertOne({ _id: 1 }); throw new Error('half way'); };
exports.down = async (db) => { };
