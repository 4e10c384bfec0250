using Lungfish.Simulation.Running;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Lungfish.Simulation;

/// <summary>Runs the tests; and, for <c>./test simulate</c>, seeds.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) =>
        SimulateCommand.IsMeant(args) ? SimulateCommand.Run()
        : args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
}
