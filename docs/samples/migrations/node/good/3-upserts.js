// Good: upserts by id, which may be repeated.
exports.up = async (db) => {
  for (const _id of ['basic', 'plus', 'pro']) {
    await db.collection('plans').updateOne({ _id }, { $setOnInsert: { seats: 1 } }, { upsert: true });
  }
};
exports.down = async (db) => { await db.collection('plans').drop(); };
