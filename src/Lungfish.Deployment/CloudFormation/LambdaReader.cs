using System.Collections.Immutable;
using System.Globalization;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Packaging;

namespace Lungfish.Deployment.CloudFormation;

/// <summary>Reads functions, versions and aliases, as CloudFormation and SAM write them.</summary>
internal sealed class LambdaReader(TemplateSource source, ReadContext context, ResourceNames names)
{
    private const int TimeoutSecondsMax = 900;
    private const int MemoryMegabytesMax = 10_240;

    public FunctionResource Function(TemplateResource resource)
    {
        var section = new Section(resource.Properties, resource.Path, context);
        _ = section.Read("FunctionName");
        var isSam = resource.Type == ResourceTypes.SamFunction;
        var runtime = section.RequireText("Runtime");
        var function = new FunctionResource
        {
            Key = resource.LogicalId,
            Name = names.FunctionName(resource),
            Handler = section.RequireText("Handler"),
            Runtime = runtime,
            Timeout = TimeSpan.FromSeconds(section.ReadNumber("Timeout", 1, TimeoutSecondsMax) ?? 3),
            MemoryMegabytes = section.ReadNumber("MemorySize", 128, MemoryMegabytesMax) ?? 128,
            Description = section.ReadText("Description") ?? "",
            Environment = ReadVariables(section),
            Durable = ReadDurable(section),
            Capacity = ReadCapacity(section, isSam),
            Code = isSam ? SamCode(section, runtime) : Code(section, runtime),
            Mark = resource.Mark,
        };
        AcceptTheRest(section, isSam);
        return function;
    }

    public VersionResource Version(TemplateResource resource)
    {
        var section = new Section(resource.Properties, resource.Path, context);
        var version = new VersionResource(
            ResourceNames.FunctionNameIn(section.RequireText("FunctionName")), section.ReadText("Description") ?? "");
        section.Accept("CodeSha256", "ProvisionedConcurrencyConfig", "RuntimePolicy");
        section.End();
        return version;
    }

    public AliasResource Alias(TemplateResource resource)
    {
        var section = new Section(resource.Properties, resource.Path, context);
        var alias = new AliasResource(
            ResourceNames.FunctionNameIn(section.RequireText("FunctionName")),
            section.RequireText("Name"),
            section.RequireText("FunctionVersion"),
            section.ReadText("Description") ?? "",
            ReadWeights(section));
        section.Accept("ProvisionedConcurrencyConfig");
        section.End();
        return alias;
    }

    /// <summary>What <c>AutoPublishAlias</c> makes of a SAM function, if it has one.</summary>
    public (VersionResource Version, AliasResource Alias)? AutoPublished(
        TemplateResource resource, FunctionResource function, Func<string, string?> publishedVersion)
    {
        if (resource.Type != ResourceTypes.SamFunction || names.Text(resource, "AutoPublishAlias") is not { } alias)
        {
            return null;
        }

        var description = names.Text(resource, "VersionDescription") ?? "";
        return (
            new VersionResource(function.Name, description),
            new AliasResource(
                function.Name,
                alias,
                publishedVersion(function.Name) ?? "1",
                "",
                ImmutableSortedDictionary<string, double>.Empty));
    }

    private static ImmutableSortedDictionary<string, string> ReadVariables(Section section)
    {
        if (section.Open("Environment") is not { } environment)
        {
            return ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        }

        var variables = environment.ReadTexts("Variables");
        environment.End();
        return variables;
    }

    private static DurableSettings? ReadDurable(Section section)
    {
        if (section.Open("DurableConfig") is not { } durable)
        {
            return null;
        }

        var timeout = durable.ReadNumber("ExecutionTimeout", 1, DurableSettings.ExecutionTimeoutSecondsMax);
        if (timeout is null)
        {
            _ = durable.RequireText("ExecutionTimeout");
        }

        var retention = durable.ReadNumber("RetentionPeriodInDays", 1, DurableSettings.RetentionDaysMax);
        durable.End();
        return new DurableSettings(timeout ?? 1, retention ?? DurableSettings.RetentionDaysDefault);
    }

    /// <summary>SAM leaves out the level that says that they are managed instances.</summary>
    private static CapacitySettings? ReadCapacity(Section section, bool isSam)
    {
        const string ManagedInstances = "LambdaManagedInstancesCapacityProviderConfig";
        if (section.Open("CapacityProviderConfig") is not { } config)
        {
            return null;
        }

        var instances = isSam ? config : config.Open(ManagedInstances);
        if (instances is null)
        {
            _ = config.RequireText(ManagedInstances);
            return null;
        }

        var capacity = new CapacitySettings(
            instances.RequireText(isSam ? "Arn" : "CapacityProviderArn"),
            instances.ReadNumber("PerExecutionEnvironmentMaxConcurrency", 1, CapacitySettings.MaxConcurrencyMax),
            // Documented (SAM): 2, 4 or 8.
            instances.ReadNumber(
                "ExecutionEnvironmentMemoryGiBPerVCpu", CapacitySettings.MemoryGiBMin, CapacitySettings.MemoryGiBMax));
        instances.End();
        config.End();
        return capacity;
    }

    private FunctionCode Code(Section section, string runtime)
    {
        if (section.Read("Code") is ScalarNode path)
        {
            return Folder(path.Display); // As "aws cloudformation package" takes it.
        }

        if (section.Open("Code") is not { } code)
        {
            section.Complain(section.Mark, section.KeyOf("Code"), "the key is missing", "Say where the code is.");
            return Folder("");
        }

        var text = code.ReadText("ZipFile");
        var key = code.ReadText("S3Key");
        code.Accept("S3Bucket", "S3ObjectVersion", "SourceKMSKeyArn");
        code.Refuse("ImageUri", "Functions run as processes; images come later.");
        code.End();
        return text is not null ? Inline(text, runtime) : Object(key, code);
    }

    private FunctionCode SamCode(Section section, string runtime)
    {
        var text = section.ReadText("InlineCode");
        var uri = section.Read("CodeUri") switch
        {
            null => "",
            ScalarNode scalar => scalar.Display,
            var node => new Section(node, section.KeyOf("CodeUri"), context).RequireText("Key"),
        };
        section.Refuse("ImageUri", "Functions run as processes; images come later.");
        return text is not null ? Inline(text, runtime)
            : source.Assets.ContainsKey(uri.Split('/')[^1]) ? Object(uri.Split('/')[^1], section)
            : Folder(uri);
    }

    private FunctionCode Object(string? key, Section section)
    {
        if (key is not null && source.Assets.TryGetValue(key.Split('/')[^1], out var asset))
        {
            return asset.IsFolder
                ? new FolderCode(asset.Path, PackagePatterns.Everything, IsSource: false)
                : new ArchiveCode(asset.Path);
        }

        section.Complain(
            section.Mark,
            section.KeyOf("S3Key"),
            $"the code is the object {key ?? "of no key"} of a bucket, and no asset here has that key",
            "Name a local folder, or deploy the folder that the CDK has written.");
        return Folder("");
    }

    private FunctionCode Folder(string path) => path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)
        ? new ArchiveCode(Path.Combine(source.Folder, path))
        : new FolderCode(Path.Combine(source.Folder, path), PackagePatterns.Everything, source.IsSource);

    private static InlineCode Inline(string text, string runtime) =>
        new(runtime.StartsWith("python", StringComparison.Ordinal) ? "index.py" : "index.js", text);

    private static ImmutableSortedDictionary<string, double> ReadWeights(Section section)
    {
        var weights = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        if (section.Open("RoutingConfig") is not { } routing)
        {
            return weights.ToImmutable();
        }

        foreach (var share in routing.OpenList("AdditionalVersionWeights"))
        {
            var version = share.RequireText("FunctionVersion");
            var text = share.RequireText("FunctionWeight");
            share.End();
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
                && weight is >= 0 and <= 1)
            {
                weights[version] = weight;
            }
            else
            {
                share.Complain(
                    share.Mark, share.KeyOf("FunctionWeight"), $"{text} is no weight", "Give a number from 0 to 1.");
            }
        }

        routing.End();
        return weights.ToImmutable();
    }

    private static void AcceptTheRest(Section section, bool isSam)
    {
        section.Accept(
            "Architectures", "CodeSigningConfigArn", "EphemeralStorage", "FunctionScalingConfig", "KmsKeyArn",
            "LoggingConfig", "PackageType", "RecursiveLoop", "ReservedConcurrentExecutions", "Role",
            "RuntimeManagementConfig", "SnapStart", "Tags", "TracingConfig", "VpcConfig");
        section.Refuse("Layers", "Put what the layer holds beside the function.");
        section.Refuse("FileSystemConfigs", "Functions see this machine's files.");
        section.Refuse("ImageConfig", "Functions run as processes; images come later.");
        section.Refuse("TenancyConfig", "Take it out; functions for each tenant are not there yet.");
        if (isSam)
        {
            _ = section.Read("AutoPublishAlias");
            _ = section.Read("VersionDescription");
            section.Accept(
                "AssumeRolePolicyDocument", "AutoPublishAliasAllProperties", "AutoPublishCodeSha256",
                "DeploymentPreference", "PermissionsBoundary", "Policies", "PropagateTags",
                "ProvisionedConcurrencyConfig", "RolePath", "SourceKMSKeyArn", "Tracing", "VersionDeletionPolicy");
            section.Refuse("Events", "Start it with the Lambda API; events of functions come later.");
            section.Refuse("FunctionUrlConfig", "Invoke the function with the Lambda API instead.");
            section.Refuse("DeadLetterQueue", "Take it out; failed asynchronous invocations are logged.");
            section.Refuse("EventInvokeConfig", "Take it out; asynchronous invocations are tried three times.");
        }
        else
        {
            section.Refuse("DeadLetterConfig", "Take it out; failed asynchronous invocations are logged.");
        }

        section.End();
    }
}
