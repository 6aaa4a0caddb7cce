// Good: in ranges, each of which leaves out what is done; it may be cut off anywhere.
exports.up = async (db) => {
  for (let from = 0; from < 300; from += 40) {
    await db.collection('customers').updateMany({ _id: { $gte: from, $lt: from + 40 }, v: null }, { $set: { v: 2 } });
  }
};
exports.down = async (db) => { await db.collection('customers').updateMany({}, { $unset: { v: '' } }); };
