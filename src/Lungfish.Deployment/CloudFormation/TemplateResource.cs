using Lungfish.Deployment.Documents;

namespace Lungfish.Deployment.CloudFormation;

/// <summary>One entry of the section Resources.</summary>
/// <param name="Properties">With the section Globals merged in.</param>
/// <param name="Whole">The resource with its other attributes, such as DependsOn.</param>
internal sealed record TemplateResource(
    string LogicalId, string Type, MapNode Properties, MapNode Whole, Mark Mark)
{
    public string Path => $"Resources.{LogicalId}.Properties";

    /// <summary>Every name that a Ref, Fn::GetAtt, Fn::Sub or DependsOn in it leads to.</summary>
    public IEnumerable<string> References => NamesIn(Whole).Concat(NamesIn(Properties));

    private static IEnumerable<string> NamesIn(DocumentNode node) => node switch
    {
        MapNode map => map.Entries.SelectMany(NamesIn),
        ListNode list => list.Items.SelectMany(NamesIn),
        _ => [],
    };

    private static IEnumerable<string> NamesIn(MapEntry entry) => entry switch
    {
        { Key: "Ref" or "DependsOn", Value: ScalarNode name } => [Base(name.Display)],
        { Key: "DependsOn", Value: ListNode names } => names.Items.OfType<ScalarNode>().Select(n => n.Display),
        { Key: "Fn::GetAtt", Value: ListNode { Items: [ScalarNode name, ..] } } => [Base(name.Display)],
        { Key: "Fn::GetAtt", Value: ScalarNode name } => [Base(name.Display)],
        { Key: "Fn::Sub", Value: ScalarNode text } => NamesInText(text.Display),
        { Key: "Fn::Sub", Value: ListNode { Items: [ScalarNode text, var values] } } =>
            NamesInText(text.Display).Concat(NamesIn(values)),
        _ => NamesIn(entry.Value),
    };

    private static IEnumerable<string> NamesInText(string text) =>
        text.Split("${").Skip(1).Select(part => Base(part.Split('}')[0].Trim()));

    private static string Base(string name) => name.Split('.')[0];
}

/// <summary>The types of resources that are deployed, and those that change nothing here.</summary>
internal static class ResourceTypes
{
    public const string Function = "AWS::Lambda::Function";
    public const string Version = "AWS::Lambda::Version";
    public const string Alias = "AWS::Lambda::Alias";
    public const string StateMachine = "AWS::StepFunctions::StateMachine";
    public const string Activity = "AWS::StepFunctions::Activity";
    public const string SamFunction = "AWS::Serverless::Function";
    public const string SamStateMachine = "AWS::Serverless::StateMachine";

    public const string Role = "AWS::IAM::Role";
    public const string LogGroup = "AWS::Logs::LogGroup";
    public const string ManagedPolicy = "AWS::IAM::ManagedPolicy";
    public const string CapacityProvider = "AWS::Lambda::CapacityProvider";
    public const string SamCapacityProvider = "AWS::Serverless::CapacityProvider";

    /// <summary>Permissions are not enforced, logs are kept anyway, and the capacity is this machine's: these are
    /// accepted and change nothing.</summary>
    public static readonly IReadOnlySet<string> AcceptedOnly = new HashSet<string>(StringComparer.Ordinal)
    {
        "AWS::CDK::Metadata", "AWS::IAM::InstanceProfile", "AWS::IAM::Policy", "AWS::IAM::RolePolicy",
        "AWS::Lambda::Permission", CapacityProvider, LogGroup, ManagedPolicy, Role, SamCapacityProvider,
    };

    public static bool IsFunction(string type) => type is Function or SamFunction;

    public static bool IsStateMachine(string type) => type is StateMachine or SamStateMachine;
}
