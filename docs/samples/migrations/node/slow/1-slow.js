// Trap: it takes longer than it may.
exports.up = async (db) => {
  await new Promise((resolve) => setTimeout(resolve, 4000));
  await db.collection('customers').updateMany({}, { $set: { slow: true } });
};
exports.down = async (db) => { await db.collection('customers').updateMany({}, { $unset: { slow: '' } }); };
