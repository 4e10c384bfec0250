using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Intrinsics;

namespace Lungfish.Deployment.CloudFormation;

/// <summary>What Ref and Fn::GetAtt answer for each type of resource.</summary>
internal sealed class ResourceNames(StackPlace place, ReadOptions options, ReadContext context)
{
    private const int FunctionNameMax = 64; // Documented for FunctionName.

    public ResourceReference Of(TemplateResource resource) => resource.Type switch
    {
        ResourceTypes.Function => Function(resource),
        ResourceTypes.SamFunction => SamFunction(resource),
        ResourceTypes.Version => Version(resource),
        ResourceTypes.Alias => Alias(resource),
        ResourceTypes.StateMachine => StateMachine(resource, "StateMachineName"),
        ResourceTypes.SamStateMachine => StateMachine(resource, "Name"),
        ResourceTypes.Activity => Named(place.Arn("states", $"activity:{Text(resource, "Name")}"), resource),
        ResourceTypes.Role => Role(resource),
        ResourceTypes.LogGroup => LogGroup(resource),
        ResourceTypes.ManagedPolicy => ManagedPolicy(resource),
        ResourceTypes.CapacityProvider or ResourceTypes.SamCapacityProvider => CapacityProvider(resource),
        _ => ResourceReference.Of(PhysicalName(resource)),
    };

    public string FunctionName(TemplateResource resource) =>
        Text(resource, "FunctionName") ?? options.GenerateName(Shortened(PhysicalName(resource)));

    public string MachineName(TemplateResource resource) =>
        Text(resource, resource.Type == ResourceTypes.StateMachine ? "StateMachineName" : "Name")
        ?? options.GenerateName(resource.LogicalId);

    /// <summary>The name in whatever form a function is named: bare, partial, or as an ARN with a qualifier.</summary>
    public static string FunctionNameIn(string text)
    {
        const string Marker = "function:";
        var at = text.IndexOf(Marker, StringComparison.Ordinal);
        return (at < 0 ? text : text[(at + Marker.Length)..]).Split(':')[0];
    }

    public string? Text(TemplateResource resource, string property) =>
        resource.Properties.TryGet(property, out var node)
        && context.Resolve(node, $"{resource.Path}.{property}") is ScalarNode { Display: { Length: > 0 } text }
            ? text
            : null;

    private ResourceReference Function(TemplateResource resource)
    {
        var name = FunctionName(resource);
        return ResourceReference.Of(name, ("Arn", place.FunctionArn(name)));
    }

    private ResourceReference SamFunction(TemplateResource resource)
    {
        var name = FunctionName(resource);
        var arn = place.FunctionArn(name);
        if (Text(resource, "AutoPublishAlias") is not { } alias)
        {
            return ResourceReference.Of(name, ("Arn", arn));
        }

        var number = options.PublishedVersion(name) ?? "1";
        return ResourceReference.Of(
            name,
            ("Arn", arn),
            ("Alias", $"{arn}:{alias}"),
            ("Version", $"{arn}:{number}"),
            ("Version.Version", number));
    }

    private ResourceReference Version(TemplateResource resource)
    {
        var function = FunctionNameIn(Text(resource, "FunctionName") ?? "");
        var number = options.PublishedVersion(function) ?? "1";
        var arn = $"{place.FunctionArn(function)}:{number}";
        return ResourceReference.Of(arn, ("Version", number), ("FunctionArn", arn));
    }

    private ResourceReference Alias(TemplateResource resource)
    {
        var function = FunctionNameIn(Text(resource, "FunctionName") ?? "");
        var arn = $"{place.FunctionArn(function)}:{Text(resource, "Name")}";
        return ResourceReference.Of(arn, ("AliasArn", arn));
    }

    private ResourceReference StateMachine(TemplateResource resource, string nameProperty)
    {
        var name = Text(resource, nameProperty) ?? options.GenerateName(resource.LogicalId);
        var arn = place.Arn("states", $"stateMachine:{name}");
        return ResourceReference.Of(arn, ("Arn", arn), ("Name", name));
    }

    private ResourceReference Named(string arn, TemplateResource resource) =>
        ResourceReference.Of(arn, ("Arn", arn), ("Name", Text(resource, "Name") ?? ""));

    private ResourceReference Role(TemplateResource resource)
    {
        var name = Text(resource, "RoleName") ?? PhysicalName(resource);
        return ResourceReference.Of(
            name, ("Arn", $"arn:{place.Partition}:iam::{place.AccountId}:role/{name}"), ("RoleId", name));
    }

    private ResourceReference ManagedPolicy(TemplateResource resource)
    {
        var name = Text(resource, "ManagedPolicyName") ?? PhysicalName(resource);
        return ResourceReference.Of($"arn:{place.Partition}:iam::{place.AccountId}:policy/{name}");
    }

    private ResourceReference CapacityProvider(TemplateResource resource)
    {
        var name = Text(resource, "CapacityProviderName") ?? PhysicalName(resource);
        return ResourceReference.Of(name, ("Arn", place.Arn("lambda", $"capacity-provider:{name}")));
    }

    private ResourceReference LogGroup(TemplateResource resource)
    {
        var name = Text(resource, "LogGroupName") ?? PhysicalName(resource);
        return ResourceReference.Of(name, ("Arn", place.Arn("logs", $"log-group:{name}:*")));
    }

    private string PhysicalName(TemplateResource resource) => $"{place.StackName}-{resource.LogicalId}";

    /// <summary>CloudFormation cuts what is too long for a name with its random end.</summary>
    private static string Shortened(string name) => name[..Math.Min(name.Length, FunctionNameMax - 13)];
}
