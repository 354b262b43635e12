// Fetches the Temporal CLI by the SDK's own means, and ends. Run as a program of its own: a download cannot be stopped.
const { TestWorkflowEnvironment } = require('@temporalio/testing');

const [downloadDir, version] = process.argv.slice(2);

TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', downloadDir, version } },
})
  .then((server) => server.teardown())
  .catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
