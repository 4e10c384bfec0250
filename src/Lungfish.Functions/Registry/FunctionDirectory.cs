using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lungfish.Engine.Identifiers;

namespace Lungfish.Functions.Registry;

/// <summary>What the names of functions stand for: methods of this application, and what is registered.</summary>
internal sealed class FunctionDirectory(FunctionRegistry registry, AwsAccount account)
{
    private readonly ConcurrentDictionary<string, InProcessFunction> _inProcess = new(StringComparer.Ordinal);

    public AwsAccount Account => account;

    /// <summary>It hides a registered function of that name.</summary>
    public void Add(InProcessFunction function) => _inProcess[function.Configuration.Name] = function;

    public InProcessFunction? FindInProcess(string name) => _inProcess.GetValueOrDefault(name);

    public FunctionDescription? Find(FunctionReference function)
    {
        if (FindInProcess(function) is { } own)
        {
            return new(own.Configuration, ImmutableSortedDictionary<string, string>.Empty, function.ToArn(account));
        }

        return registry.Find(function.Name) is { } registered
            && registered.FindVersion(function.Qualifier) is { } version
                ? new(version, registered.Function.Tags, function.ToArn(account))
                : null;
    }

    /// <summary>The version that an invocation of that name runs.</summary>
    /// <param name="chance">Decides where an alias leads to two versions.</param>
    public FunctionConfiguration? Choose(FunctionReference function, ulong chance) =>
        FindInProcess(function)?.Configuration ?? registry.Find(function.Name)?.Choose(function.Qualifier, chance);

    public string ArnOf(FunctionConfiguration version) =>
        new FunctionReference(version.Name, version.Version).ToArn(account);

    public IReadOnlyList<FunctionConfiguration> List() =>
    [
        .. registry.List().Select(f => f.Latest).Where(f => !_inProcess.ContainsKey(f.Name))
            .Concat(_inProcess.Values.Select(f => f.Configuration))
            .OrderBy(f => f.Name, StringComparer.Ordinal),
    ];

    public IReadOnlyList<FunctionConfiguration> ListVersions(string name) =>
        FindInProcess(name) is { } own ? [own.Configuration]
            : registry.Find(name) is { } registered ? [registered.Latest, .. registered.Versions]
            : throw LambdaErrors.FunctionNotFound(account.FunctionArn(name));

    private InProcessFunction? FindInProcess(FunctionReference function) =>
        function.Qualifier is null or FunctionReference.Latest ? FindInProcess(function.Name) : null;
}
