using Lungfish.Cli.CommandLine;

return await LungfishCommandLine.RunAsync(args, Surroundings.OfThisProcess());
