using System.Collections.Immutable;
using Lungfish.Cli.Client;
using Lungfish.Cli.Commands;
using Lungfish.Deployment;
using Lungfish.Json;

namespace Lungfish.Cli.Dev;

/// <summary>What a deployment did.</summary>
/// <param name="Deployed">The application with the versions that were published in its references.</param>
internal sealed record DeployReport(
    Application Deployed,
    ImmutableArray<string> Created,
    ImmutableArray<string> Updated,
    ImmutableArray<Finding> Warnings)
{
    public bool IsEmpty => Created.IsEmpty && Updated.IsEmpty;
}

/// <summary>Brings a server to what an application's files say, over the APIs that anybody uses. What is equal is
/// left alone, so that warm processes stay and no version is published without a reason.</summary>
/// <param name="read">Reads the files; given is what tells the versions that are published already.</param>
internal sealed class Deployer(
    LungfishClient client, CodeBuild build, Func<Func<string, string?>, Application> read)
{
    private readonly ImmutableArray<string>.Builder _created = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _updated = ImmutableArray.CreateBuilder<string>();
    private readonly Dictionary<string, string> _published = new(StringComparer.Ordinal);

    /// <exception cref="DeploymentException">A definition is not valid; then nothing was changed.</exception>
    /// <exception cref="ServerRefusal">The server does not take it.</exception>
    public async Task<DeployReport> DeployAsync(CancellationToken cancellationToken)
    {
        var application = read(_published.GetValueOrDefault);
        var findings = application.StateMachines
            .SelectMany(m => DefinitionCheck.Check(application.FileName, m)).ToImmutableArray();
        if (findings.Any(f => f.IsError))
        {
            throw new DeploymentException(
                application.FileName, [.. findings.Where(f => f.IsError).Select(ToProblem)]);
        }

        for (var i = 0; i < application.Functions.Length; i++)
        {
            var function = application.Functions[i];
            await NamingAsync(
                $"function {function.Key}", () => DeployAsync(application, function, cancellationToken));
            if (_published.ContainsKey(function.Name))
            {
                application = read(_published.GetValueOrDefault); // What follows may refer to the version.
            }
        }

        foreach (var alias in application.Aliases)
        {
            await NamingAsync($"alias {alias.FunctionName}:{alias.Name}", () => DeployAsync(alias, cancellationToken));
        }

        foreach (var activity in application.Activities)
        {
            await NamingAsync($"activity {activity}", () => client.CreateActivityAsync(activity, cancellationToken));
        }

        await DeployAsync(application.StateMachines, cancellationToken);
        return new DeployReport(application, _created.ToImmutable(), _updated.ToImmutable(), findings);
    }

    /// <summary>A refusal in the middle of a deployment says what it was about.</summary>
    private static async Task NamingAsync(string what, Func<Task> deploy)
    {
        try
        {
            await deploy();
        }
        catch (ServerRefusal refusal)
        {
            throw new ServerRefusal(refusal.Code, $"Deploying {what}: {refusal.Message}", refusal.Status);
        }
    }

    private static Problem ToProblem(Finding finding)
    {
        var location = finding.Diagnostic.Location ?? "";
        return new Problem(
            finding.Mark,
            location,
            $"{finding.Diagnostic.Message.TrimEnd('.')} ({finding.Diagnostic.Code})",
            finding.Diagnostic.Hint ?? "");
    }

    private async Task DeployAsync(
        Application application, FunctionResource function, CancellationToken cancellationToken)
    {
        var code = await build.PackAsync(function, application.FileName, cancellationToken);
        var change = await new FunctionDeployment(client.Functions, function, code).BringAsync(cancellationToken);
        var number = "";
        foreach (var version in application.Versions.Where(v => v.FunctionName == function.Name))
        {
            number = await client.Functions.PublishAsync(function.Name, version.Description, cancellationToken);
            _published[function.Name] = number;
        }

        var shown = number.Length == 0 ? function.Key : $"{function.Key} (version {number})";
        if (change == FunctionState.Created)
        {
            _created.Add(shown);
        }
        else if (change == FunctionState.Updated)
        {
            _updated.Add(shown);
        }
    }

    private async Task DeployAsync(AliasResource alias, CancellationToken cancellationToken)
    {
        var wanted = new JsonObject.Builder();
        wanted.Set("FunctionVersion", alias.Version);
        wanted.Set("Description", alias.Description);
        wanted.Set("RoutingConfig", JsonObject.Of("AdditionalVersionWeights", JsonObject.Of(
            alias.Weights.Select(w => new KeyValuePair<string, JsonValue>(w.Key, w.Value)))));
        var request = wanted.Build();
        var existing = await client.Functions.FindAliasAsync(alias.FunctionName, alias.Name, cancellationToken);
        if (existing is null)
        {
            await client.Functions.CreateAliasAsync(
                alias.FunctionName, request.With("Name", alias.Name), cancellationToken);
        }
        else if (!SameAlias(existing, request))
        {
            await client.Functions.UpdateAliasAsync(alias.FunctionName, alias.Name, request, cancellationToken);
        }
    }

    private static bool SameAlias(JsonObject existing, JsonObject wanted)
    {
        var weights = (existing["RoutingConfig"] as JsonObject)?["AdditionalVersionWeights"] ?? JsonObject.Empty;
        return existing.Text("FunctionVersion") == wanted.Text("FunctionVersion")
            && (existing.Text("Description") ?? "") == wanted.Text("Description")
            && weights.Equals(((JsonObject?)wanted["RoutingConfig"])?["AdditionalVersionWeights"]);
    }

    private async Task DeployAsync(ImmutableArray<StateMachineResource> machines, CancellationToken cancellationToken)
    {
        var existing = await client.ListMachinesAsync(cancellationToken);
        foreach (var machine in machines)
        {
            await NamingAsync($"state machine {machine.Key}", () => DeployAsync(machine, existing, cancellationToken));
        }
    }

    private async Task DeployAsync(
        StateMachineResource machine, IReadOnlyList<Machine> existing, CancellationToken cancellationToken)
    {
        if (existing.FirstOrDefault(m => m.Name == machine.Name) is not { } found)
        {
            _ = await client.CreateMachineAsync(machine.Name, machine.Definition, cancellationToken);
            _created.Add(machine.Key);
        }
        else if ((await client.DescribeMachineAsync(found.Arn, cancellationToken)).Definition != machine.Definition)
        {
            await client.UpdateMachineAsync(found.Arn, machine.Definition, cancellationToken);
            _updated.Add(machine.Key);
        }
    }
}
