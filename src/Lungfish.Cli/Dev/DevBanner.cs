using Lungfish.Cli.Commands;
using Lungfish.Cli.Rendering;
using Lungfish.Deployment;

namespace Lungfish.Cli.Dev;

/// <summary>The lines of the banner that tell what was deployed and what to try.</summary>
internal static class DevBanner
{
    public static void WriteDeployed(Application wanted, DeployReport report, Uri url, Output output)
    {
        var parts = new List<string>();
        Count(wanted.Functions.Length, "function");
        Count(wanted.StateMachines.Length, "state machine");
        Count(wanted.Activities.Length, "activity");
        parts.AddRange(wanted.HttpEvents.Select(e => $"{e.Method} {e.Path}"));
        ServerStart.Line("Deployed", $"{wanted.FileName} -> {string.Join(", ", parts)}", output);
        if (!wanted.AcceptedOnly.IsEmpty)
        {
            ServerStart.Line(
                "Accepted", $"{string.Join(", ", wanted.AcceptedOnly)} (changes nothing here)", output, Style.Dim);
        }

        foreach (var warning in report.Warnings)
        {
            ServerStart.Line("Warning", warning.Sentence, output, Style.Waiting);
        }

        foreach (var value in wanted.Outputs)
        {
            var isFirst = value == wanted.Outputs[0];
            ServerStart.Line(isFirst ? "Outputs" : "", $"{value.Stack}.{value.Name} = {value.Value}", output);
        }

        foreach (var route in wanted.HttpEvents.Take(1))
        {
            var method = route.Method is "GET" or "ANY" ? "" : $"-X {route.Method} ";
            ServerStart.Line(
                "Try", $"curl {method}{url.ToString().TrimEnd('/')}{route.Path}", output, Style.Accent);
        }

        foreach (var machine in wanted.StateMachines.Take(1))
        {
            var name = wanted.HttpEvents.IsEmpty ? "Try" : "";
            var command = output.Typed($"lungfish execution start {machine.Name} --watch");
            ServerStart.Line(name, command, output, Style.Accent);
        }

        var durable = wanted.StateMachines.IsEmpty ? wanted.Functions.FirstOrDefault(f => f.Durable is not null) : null;
        if (durable is not null)
        {
            var command = output.Typed($"lungfish function invoke {durable.Name} --name first");
            ServerStart.Line("Try", command, output, Style.Accent);
        }

        void Count(int count, string noun)
        {
            if (count > 0)
            {
                parts.Add(Counts.Text(count, noun));
            }
        }
    }
}
