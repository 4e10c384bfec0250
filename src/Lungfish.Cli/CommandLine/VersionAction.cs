using System.CommandLine;
using System.CommandLine.Invocation;
using Lungfish.Cli.Commands;

namespace Lungfish.Cli.CommandLine;

internal sealed class VersionAction(Surroundings surroundings) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        surroundings.Out.WriteLine($"lungfish {Versions.Own}");
        return 0;
    }
}
