using Lungfish.Engine.Identifiers;

namespace Lungfish.Functions.Registry;

/// <summary>The operations on aliases, with the rules that AWS has for each.</summary>
internal sealed class AliasOperations(FunctionRegistry registry, AwsAccount account)
{
    public async Task<FunctionAlias> CreateAsync(
        string functionName, string name, AliasChange request, CancellationToken cancellationToken)
    {
        var created = await ChangeAsync(
            functionName,
            before =>
            {
                if (before.FindAlias(name) is not null)
                {
                    throw LambdaErrors.AliasExists(ArnOf(functionName, name));
                }

                var blank = new FunctionAlias
                {
                    FunctionName = functionName,
                    Name = name,
                    FunctionVersion = "",
                    RevisionId = "",
                };
                return With(before, Changed(before, blank, request));
            },
            cancellationToken);
        return Get(created, functionName, name);
    }

    public async Task<FunctionAlias> UpdateAsync(
        string functionName, string name, AliasChange change, CancellationToken cancellationToken)
    {
        var changed = await ChangeAsync(
            functionName,
            before =>
            {
                var alias = Get(before, functionName, name);
                return change.ExpectedRevision is { } expected && expected != alias.RevisionId
                    ? throw LambdaErrors.RevisionMismatch()
                    : With(before, Changed(before, alias, change));
            },
            cancellationToken);
        return Get(changed, functionName, name);
    }

    public FunctionAlias Get(string functionName, string name) => Get(GetFunction(functionName), functionName, name);

    /// <summary>In ordinal order of their names.</summary>
    /// <param name="version">Only those that lead to it; null: all.</param>
    public IReadOnlyList<FunctionAlias> List(string functionName, string? version) =>
        [.. GetFunction(functionName).Aliases.Where(a => version is null || a.LeadsTo(version))];

    /// <summary>As on AWS, one that is not there counts as deleted.</summary>
    public Task DeleteAsync(string functionName, string name, CancellationToken cancellationToken) => ChangeAsync(
        functionName,
        before => before.FindAlias(name) is { } alias
            ? before with { Aliases = before.Aliases.Remove(alias) }
            : before,
        cancellationToken);

    private async Task<Registered> ChangeAsync(
        string functionName, Func<Registered, Registered> change, CancellationToken cancellationToken)
    {
        var changed = await registry.ChangeAsync(
            functionName,
            before => Task.FromResult<Registered?>(change(before ?? throw FunctionNotFound(functionName))),
            cancellationToken);
        return changed ?? throw FunctionNotFound(functionName);
    }

    private FunctionAlias Changed(Registered function, FunctionAlias before, AliasChange change)
    {
        var version = change.FunctionVersion ?? before.FunctionVersion;
        var route = change.Routing is { } routing ? OnlyOne(routing) : before.Additional;
        CheckVersion(function, version);
        if (route is not null)
        {
            CheckRoute(function, version, route);
        }

        return before with
        {
            FunctionVersion = version,
            Description = change.Description ?? before.Description,
            Additional = route,
            RevisionId = Guid.NewGuid().ToString(),
        };
    }

    private static AliasRoute? OnlyOne(IReadOnlyList<AliasRoute> routing) => routing.Count <= 1
        ? routing.SingleOrDefault()
        : throw LambdaErrors.InvalidParameter(
            "Number of items in AdditionalVersionWeights cannot be greater than 1");

    private void CheckRoute(Registered function, string version, AliasRoute route)
    {
        if (version == FunctionReference.Latest)
        {
            throw LambdaErrors.InvalidParameter(
                "$LATEST is not supported for an alias pointing to more than 1 version");
        }

        if (route.Version == version)
        {
            throw LambdaErrors.InvalidParameter(
                $"Invalid function version {version}. Function version {version} is already included in routing "
                + "configuration.");
        }

        CheckVersion(function, route.Version);
    }

    private void CheckVersion(Registered function, string version)
    {
        if (version != FunctionReference.Latest && function.Versions.All(v => v.Version != version))
        {
            throw LambdaErrors.FunctionNotFound(ArnOf(function.Latest.Name, version));
        }
    }

    private Registered GetFunction(string name) => registry.Find(name) ?? throw FunctionNotFound(name);

    private FunctionAlias Get(Registered function, string functionName, string name) =>
        function.FindAlias(name) ?? throw LambdaErrors.AliasNotFound(ArnOf(functionName, name));

    private Exception FunctionNotFound(string name) => LambdaErrors.FunctionNotFound(account.FunctionArn(name));

    private string ArnOf(string functionName, string qualifier) =>
        new FunctionReference(functionName, qualifier).ToArn(account);

    private static Registered With(Registered function, FunctionAlias alias) => function with
    {
        Aliases =
        [
            .. function.Aliases.Where(a => a.Name != alias.Name).Append(alias)
                .OrderBy(a => a.Name, StringComparer.Ordinal),
        ],
    };
}
