// Trap: it writes to a database that nobody named.
exports.up = async (db, client) => { await client.db('billing').collection('x').updateOne(
    { _id: 1 }, { $set: { a: 1 } }, { upsert: true }); };
exports.down = async (db, client) => { await client.db('billing').collection('x').drop(); };
