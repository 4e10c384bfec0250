using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lungfish.Engine.Identifiers;
using Lungfish.Functions.Code;
using Lungfish.Functions.Runtimes;

namespace Lungfish.Functions.Registry;

/// <summary>The operations on the registry, with the rules that AWS has for each.</summary>
internal sealed class FunctionOperations(
    FunctionRegistry registry, CodeStore code, AwsAccount account, TimeProvider time)
{
    public async Task<FunctionConfiguration> CreateAsync(NewFunction request, CancellationToken cancellationToken)
    {
        RuntimeName.Check(request.Runtime);
        EnvironmentRules.Check(request.Environment);
        if (registry.Find(request.Name) is not null)
        {
            throw LambdaErrors.FunctionExists(request.Name);
        }

        var added = await code.AddAsync(request.Code, cancellationToken);
        var latest = Stamp(new FunctionConfiguration
        {
            Name = request.Name,
            Version = FunctionReference.Latest,
            Runtime = request.Runtime,
            Handler = request.Handler,
            Role = request.Role,
            Description = request.Description,
            Timeout = request.Timeout,
            MemorySizeMb = request.MemorySizeMb,
            EphemeralStorageMb = request.EphemeralStorageMb,
            Environment = request.Environment,
            Architectures = request.Architectures,
            TracingMode = request.TracingMode,
            Inert = request.Inert,
            Durable = request.Durable,
            CapacityProvider = request.CapacityProvider,
            IsolatesTenants = request.IsolatesTenants,
            Code = added,
            LastModified = default,
            RevisionId = "",
        });
        var created = await registry.ChangeAsync(
            request.Name,
            async before => before is not null
                ? throw LambdaErrors.FunctionExists(request.Name)
                : await PublishedIfAsync(
                    request.Publish, new Registered(new(latest, request.Tags, 0), [], []), cancellationToken),
            cancellationToken);
        return created is { Versions: [.., var version] } ? version : latest;
    }

    public async Task<FunctionConfiguration> UpdateCodeAsync(
        FunctionReference reference, FunctionCodeChange change, CancellationToken cancellationToken)
    {
        _ = GetLatest(reference);
        var added = await code.AddAsync(change.Code, cancellationToken);
        if (change.DryRun)
        {
            return Changed(GetLatest(reference).Latest);
        }

        var changed = await ChangeAsync(
            reference,
            change.ExpectedRevision,
            before => PublishedIfAsync(change.Publish, With(before, Changed(before.Latest)), cancellationToken),
            cancellationToken);
        return change.Publish ? changed.Versions[^1] : changed.Latest;

        FunctionConfiguration Changed(FunctionConfiguration latest) => Stamp(latest with
        {
            Code = added,
            Architectures = change.Architectures ?? latest.Architectures,
        });
    }

    public async Task<FunctionConfiguration> UpdateConfigurationAsync(
        FunctionReference reference, FunctionChange change, CancellationToken cancellationToken)
    {
        if (change.Runtime is not null)
        {
            RuntimeName.Check(change.Runtime);
        }

        EnvironmentRules.Check(change.Environment);

        var changed = await ChangeAsync(
            reference,
            change.ExpectedRevision,
            before => Task.FromResult(With(before, Changed(before.Latest))),
            cancellationToken);
        return changed.Latest;

        FunctionConfiguration Changed(FunctionConfiguration latest) => Stamp(latest with
        {
            Runtime = change.Runtime ?? latest.Runtime,
            Handler = change.Handler ?? latest.Handler,
            Role = change.Role ?? latest.Role,
            Description = change.Description ?? latest.Description,
            Timeout = change.Timeout ?? latest.Timeout,
            MemorySizeMb = change.MemorySizeMb ?? latest.MemorySizeMb,
            EphemeralStorageMb = change.EphemeralStorageMb ?? latest.EphemeralStorageMb,
            Environment = change.Environment ?? latest.Environment,
            TracingMode = change.TracingMode ?? latest.TracingMode,
            Inert = Merge(latest.Inert, change.Inert),
            Durable = Merge(latest.Durable, change.Durable),
            CapacityProvider = Merge(latest.CapacityProvider, change.CapacityProvider),
        });
    }

    /// <summary>Publishes what <c>$LATEST</c> is now. If that is what the last version is, that one is the
    /// answer.</summary>
    public async Task<FunctionConfiguration> PublishAsync(
        FunctionReference reference, VersionRequest request, CancellationToken cancellationToken)
    {
        var changed = await ChangeAsync(
            reference,
            request.ExpectedRevision,
            async before =>
            {
                if (request.ExpectedCodeSha256 is { } expected && expected != before.Latest.Code.Sha256)
                {
                    throw LambdaErrors.InvalidParameter(
                        $"CodeSHA256 ({expected}) is different from current CodeSHA256 in $LATEST "
                        + $"({before.Latest.Code.Sha256}). Please try again with the CodeSHA256 in $LATEST.");
                }

                return await PublishedAsync(before, request.Description, cancellationToken);
            },
            cancellationToken);
        return changed.Versions[^1];
    }

    /// <summary>Deletes a version, or with no qualifier the function with all its versions.</summary>
    public Task DeleteAsync(FunctionReference reference, CancellationToken cancellationToken) => registry.ChangeAsync(
        reference.Name,
        before =>
        {
            if (before?.FindVersion(reference.Qualifier) is not { } version
                || before.FindAlias(reference.Qualifier) is not null)
            {
                throw LambdaErrors.FunctionNotFound(reference.ToArn(account));
            }

            if (reference.Qualifier == FunctionReference.Latest)
            {
                throw LambdaErrors.InvalidParameter("$LATEST version cannot be deleted without deleting the function.");
            }

            return Task.FromResult(reference.Qualifier is null ? null : Without(before, version));
        },
        cancellationToken);

    /// <param name="change">From the tags that the function has to those that it is to have.</param>
    public Task ChangeTagsAsync(
        FunctionReference reference,
        Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change,
        CancellationToken cancellationToken) =>
        ChangeAsync(
            reference,
            expectedRevision: null,
            before => Task.FromResult(before with
            {
                Function = before.Function with { Tags = change(before.Function.Tags) },
            }),
            cancellationToken);

    private async Task<Registered> ChangeAsync(
        FunctionReference reference,
        string? expectedRevision,
        Func<Registered, Task<Registered>> change,
        CancellationToken cancellationToken)
    {
        var changed = await registry.ChangeAsync(
            reference.Name,
            async before =>
            {
                if (before is null)
                {
                    throw LambdaErrors.FunctionNotFound(account.FunctionArn(reference.Name));
                }

                return expectedRevision is not null && expectedRevision != before.Latest.RevisionId
                    ? throw LambdaErrors.RevisionMismatch()
                    : await change(before);
            },
            cancellationToken);
        return changed ?? throw LambdaErrors.FunctionNotFound(account.FunctionArn(reference.Name));
    }

    private Registered GetLatest(FunctionReference reference) =>
        registry.Find(reference.Name) ?? throw LambdaErrors.FunctionNotFound(account.FunctionArn(reference.Name));

    private async Task<Registered> PublishedIfAsync(
        bool publish, Registered function, CancellationToken cancellationToken) =>
        publish ? await PublishedAsync(function, description: null, cancellationToken) : function;

    private async Task<Registered> PublishedAsync(
        Registered function, string? description, CancellationToken cancellationToken)
    {
        var frozen = function.Latest with
        {
            Code = await code.FreezeAsync(function.Latest.Code, cancellationToken),
            Description = description ?? function.Latest.Description,
        };
        if (function.Versions is [.., var last] && last.RunsLike(frozen))
        {
            return function;
        }

        var number = function.Function.VersionsMade + 1;
        var version = Stamp(frozen) with { Version = number.ToString(CultureInfo.InvariantCulture) };
        return function with
        {
            Function = function.Function with { VersionsMade = number },
            Versions = function.Versions.Add(version),
        };
    }

    private static Registered Without(Registered function, FunctionConfiguration version)
    {
        var users = function.Aliases.Where(a => a.LeadsTo(version.Version)).Select(a => a.Name).ToArray();
        return users.Length == 0
            ? function with { Versions = function.Versions.Remove(version) }
            : throw LambdaErrors.Conflict(
                $"Version {version.Version} of {version.Name} cannot be deleted while aliases lead to it: "
                + $"{string.Join(", ", users)}.");
    }

    private static Registered With(Registered function, FunctionConfiguration latest) =>
        function with { Function = function.Function with { Latest = latest } };

    private FunctionConfiguration Stamp(FunctionConfiguration configuration) => configuration with
    {
        LastModified = time.GetUtcNow(),
        RevisionId = Guid.NewGuid().ToString(),
    };

    private static DurableConfig? Merge(DurableConfig? before, DurableChange? change)
    {
        if (change is null)
        {
            return before;
        }

        // Documented: "You can't enable durable execution on an existing function"; its values may change.
        return before is null
            ? throw LambdaErrors.InvalidParameter(
                "DurableConfig cannot be added to a function that was created without it. Create a new function.")
            : new(
                change.ExecutionTimeoutSeconds ?? before.ExecutionTimeoutSeconds,
                change.RetentionDays ?? before.RetentionDays);
    }

    private static CapacityProviderConfig? Merge(CapacityProviderConfig? before, CapacityProviderConfig? change) =>
        // Documented (SAM, CapacityProviderConfig): it cannot be added to a function that is there, nor taken from it.
        change is not null && before is null
            ? throw LambdaErrors.InvalidParameter(
                "CapacityProviderConfig cannot be added to a function that was created without it. "
                + "Create a new function.")
            : change ?? before;

    private static string? Merge(string? before, string? change)
    {
        if (before is null || change is null)
        {
            return change ?? before;
        }

        var merged = JsonNode.Parse(before)?.AsObject() ?? [];
        foreach (var (name, value) in JsonNode.Parse(change)?.AsObject() ?? [])
        {
            merged[name] = value?.DeepClone();
        }

        return merged.ToJsonString();
    }
}
