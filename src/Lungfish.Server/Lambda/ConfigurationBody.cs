using System.Collections.Immutable;
using Lungfish.Functions;
using Lungfish.Json;

namespace Lungfish.Server.Lambda;

/// <summary>The members that CreateFunction and UpdateFunctionConfiguration share.</summary>
internal static class ConfigurationBody
{
    // Kept and read back; they describe AWS's machinery, not the function.
    private static readonly string[] Inert = ["VpcConfig", "LoggingConfig", "SnapStart", "KMSKeyArn"];

    // These would change what the function does, so to leave them out in silence would be wrong.
    private static readonly string[] Refused = ["Layers", "FileSystemConfigs", "ImageConfig", "PublishTo"];

    private static readonly ImmutableSortedDictionary<string, string> NoVariables =
        ImmutableSortedDictionary<string, string>.Empty;

    public static FunctionChange Read(RequestBody body)
    {
        RefuseWhatIsNotThere(body);
        return new FunctionChange
        {
            Runtime = body.FindText("Runtime"),
            Handler = body.FindText("Handler", lengthMax: 128),
            Role = body.FindRole("Role"),
            Description = body.FindText("Description", lengthMax: 256),
            Timeout = body.FindNumber("Timeout", 1, 900) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            MemorySizeMb = body.FindNumber("MemorySize", 128, 32_768),
            EphemeralStorageMb = body.FindObject("EphemeralStorage").FindNumber("Size", 512, 10_240),
            Environment = body.Has("Environment")
                ? body.FindObject("Environment").FindTexts("Variables") ?? NoVariables
                : null,
            TracingMode = body.FindObject("TracingConfig").FindText("Mode"),
            Inert = ReadInert(body),
            Durable = ReadDurable(body),
            CapacityProvider = CapacityBody.Read(body),
            ExpectedRevision = body.FindText("RevisionId"),
        };
    }

    /// <summary><c>$LATEST.PUBLISHED</c> is no version here.</summary>
    public static void RefusePublishTo(RequestBody body) => Refuse(body, "PublishTo");

    private static void Refuse(RequestBody body, string name)
    {
        if (body.Find(name) is { } value and not JsonArray { Count: 0 } and not JsonObject { Count: 0 })
        {
            throw LambdaErrors.NotSupported(name);
        }
    }

    private static void RefuseWhatIsNotThere(RequestBody body)
    {
        foreach (var name in Refused)
        {
            Refuse(body, name);
        }

        if (body.FindObject("DeadLetterConfig").FindText("TargetArn") is { Length: > 0 })
        {
            throw LambdaErrors.NotSupported("DeadLetterConfig");
        }

        if (body.FindText("PackageType") == "Image")
        {
            throw LambdaErrors.NotSupported("PackageType Image");
        }
    }

    private static DurableChange? ReadDurable(RequestBody body)
    {
        const int SecondsMax = 31_622_400; // 366 days.
        var config = body.FindObject("DurableConfig");
        return body.Has("DurableConfig")
            ? new(
                config.FindNumber("ExecutionTimeout", 1, SecondsMax),
                config.FindNumber("RetentionPeriodInDays", 1, 90))
            : null;
    }

    private static string? ReadInert(RequestBody body)
    {
        var kept = new JsonObject.Builder();
        foreach (var name in Inert)
        {
            if (body.Find(name) is { } value)
            {
                kept.Set(name, value);
            }
        }

        return kept.Build() is { Count: > 0 } any ? any.ToText() : null;
    }
}

/// <summary>The code in a request.</summary>
internal static class CodeBody
{
    /// <param name="body">The request, or its member Code.</param>
    public static CodeSource Read(RequestBody body)
    {
        if (body.Has("S3Bucket") || body.Has("S3Key"))
        {
            throw LambdaErrors.NotSupported("Code in S3 (S3Bucket, S3Key): send it as ZipFile. It");
        }

        if (body.Has("ImageUri"))
        {
            throw LambdaErrors.NotSupported("A container image (ImageUri)");
        }

        try
        {
            return CodeSource.Zip(Convert.FromBase64String(body.FindText("ZipFile") ?? ""));
        }
        catch (FormatException)
        {
            throw LambdaErrors.InvalidRequestContent("The member ZipFile is not base64.");
        }
    }
}
