// The project's configuration as it is, but for the server, the database and where migrations lie: a folder with one of them.
const environment = process.env;
const config = environment.FIREDRILL_RUN_GIVEN
  ? JSON.parse(environment.FIREDRILL_RUN_GIVEN)
  : await load(environment.FIREDRILL_RUN_CONFIG);

export default {
  ...config,
  mongodb: {
    ...config.mongodb,
    url: environment.FIREDRILL_RUN_URI,
    databaseName: environment.FIREDRILL_RUN_DATABASE,
  },
  migrationsDir: environment.FIREDRILL_RUN_MIGRATIONS,
};
