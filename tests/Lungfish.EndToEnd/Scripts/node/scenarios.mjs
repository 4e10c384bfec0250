// Runs the scenarios that a module exports against the server that AWS_ENDPOINT_URL names.
// For each, one line of JSON is printed: {"scenario": NAME, "failure": null | TEXT}.

const scenarios = await import(`./${process.argv[2]}.mjs`);
for (const [scenario, run] of Object.entries(scenarios)) {
  let failure = null;
  try {
    await run();
  } catch (error) {
    failure = error.stack ?? String(error);
  }

  console.log(JSON.stringify({ scenario, failure }));
}

// Connections that SDK clients keep alive must not keep this process.
process.exit(0);
