using System.Collections.Immutable;
using System.Security.Cryptography;
using Lungfish.Cli.Client;
using Lungfish.Cli.Commands;
using Lungfish.Deployment;
using Lungfish.Deployment.Packaging;
using Lungfish.Deployment.Serverless;
using Lungfish.Json;

namespace Lungfish.Cli.Dev;

/// <summary>What a deployment did.</summary>
internal sealed record DeployReport(
    ImmutableArray<string> Created, ImmutableArray<string> Updated, ImmutableArray<Finding> Warnings)
{
    public bool IsEmpty => Created.IsEmpty && Updated.IsEmpty;
}

/// <summary>Brings a server to what a service's files say, over the APIs that anybody uses. What is equal is left
/// alone, so that warm processes stay.</summary>
internal sealed class Deployer(LungfishClient client, string folder)
{
    private readonly ImmutableArray<string>.Builder _created = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _updated = ImmutableArray.CreateBuilder<string>();

    /// <exception cref="DeploymentException">A definition is not valid; then nothing was changed.</exception>
    /// <exception cref="ServerRefusal">The server does not take it.</exception>
    public async Task<DeployReport> DeployAsync(ServerlessService service, CancellationToken cancellationToken)
    {
        var findings = service.StateMachines.SelectMany(m => DefinitionCheck.Check(service.FileName, m)).ToList();
        if (findings.Exists(f => f.IsError))
        {
            throw new DeploymentException(service.FileName, [.. findings.Where(f => f.IsError).Select(ToProblem)]);
        }

        var packages = new Dictionary<string, byte[]>();
        foreach (var function in service.Functions)
        {
            var patterns = string.Join('\n', function.Package.Patterns);
            if (!packages.TryGetValue(patterns, out var code))
            {
                packages[patterns] = code = CodeArchive.Pack(folder, function.Package);
            }

            await NamingAsync($"function {function.Key}", () => DeployAsync(function, code, cancellationToken));
        }

        foreach (var activity in service.Activities)
        {
            await NamingAsync($"activity {activity}", () => client.CreateActivityAsync(activity, cancellationToken));
        }

        await DeployAsync(service.StateMachines, cancellationToken);
        return new DeployReport(_created.ToImmutable(), _updated.ToImmutable(), [.. findings]);
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

    private async Task DeployAsync(FunctionResource function, byte[] code, CancellationToken cancellationToken)
    {
        var sha256 = Convert.ToBase64String(SHA256.HashData(code));
        var existing = await client.Functions.FindAsync(function.Name, cancellationToken);
        if (existing is null)
        {
            var request = ConfigurationOf(function)
                .With("FunctionName", function.Name)
                .With("Role", LungfishClient.Role)
                .With("Code", JsonObject.Of("ZipFile", Convert.ToBase64String(code)));
            await client.Functions.CreateAsync(request, cancellationToken);
            _created.Add(function.Key);
            return;
        }

        var codeChanged = existing.CodeSha256 != sha256;
        var configurationChanged = !IsConfigured(existing.Json, ConfigurationOf(function));
        if (configurationChanged)
        {
            await client.Functions.UpdateConfigurationAsync(
                function.Name, ConfigurationOf(function), cancellationToken);
        }

        if (codeChanged)
        {
            var request = JsonObject.Of("ZipFile", Convert.ToBase64String(code));
            await client.Functions.UpdateCodeAsync(function.Name, request, cancellationToken);
        }

        if (codeChanged || configurationChanged)
        {
            _updated.Add(function.Key);
        }
    }

    private static JsonObject ConfigurationOf(FunctionResource function) => JsonObject.Of(
        ("Runtime", function.Runtime),
        ("Handler", function.Handler),
        ("Timeout", (int)function.Timeout.TotalSeconds),
        ("MemorySize", function.MemoryMegabytes),
        ("Description", function.Description),
        ("Environment", JsonObject.Of("Variables", JsonObject.Of(
            function.Environment.Select(v => new KeyValuePair<string, JsonValue>(v.Key, v.Value))))));

    private static bool IsConfigured(JsonObject existing, JsonObject wanted)
    {
        foreach (var (name, value) in wanted)
        {
            // The API leaves the environment out of its answer when there are no variables.
            var found = existing[name] ?? (name == "Environment" ? JsonObject.Of("Variables", JsonObject.Empty) : "");
            if (!found.Equals(value))
            {
                return false;
            }
        }

        return true;
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
