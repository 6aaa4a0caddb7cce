// Trap: the rollback takes away what was there before (customer 7).
exports.up = async (db) => { await db.collection('customers').updateMany(
    { country: { $exists: false } }, { $set: { country: 'GB' } }); };
exports.down = async (db) => { await db.collection('customers').updateMany(
    { country: 'GB' }, { $unset: { country: '' } }); };
