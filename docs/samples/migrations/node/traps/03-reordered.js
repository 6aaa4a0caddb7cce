// Good: taken back, the fields come in another order, CANONICAL.
exports.up = async (db) => { await db.collection('customers').updateMany(
    { name: { $exists: true } }, { $rename: { name: 'fullName' } }); };
exports.down = async (db) => { await db.collection('customers').updateMany(
    { fullName: { $exists: true } }, { $rename: { fullName: 'name' } }); };
