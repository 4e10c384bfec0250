using System.Reflection;

namespace Lungfish.Cli.Commands;

internal static class Versions
{
    public static readonly string Own =
        typeof(Versions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "0";
}
