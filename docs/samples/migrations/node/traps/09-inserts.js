// Trap: run again, it fails on its own leftovers (E11000).
exports.up = async (db) => { await db.collection('plans').insertOne({ _id: 1 });
    await db.collection('plans').insertOne({ _id: 2 }); };
exports.down = async (db) => { await db.collection('plans').drop(); };
