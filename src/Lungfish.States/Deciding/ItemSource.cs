using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

/// <summary>Where the items of a map run are read from: an <c>ItemReader</c>, evaluated.</summary>
/// <param name="Resource">Such as <c>arn:aws:states:::s3:getObject</c>.</param>
/// <param name="Parameters">The evaluated Parameters or Arguments.</param>
/// <param name="Config">How to read the data. Its MaxItems is no concern of the reader, who is asked for no more.
/// </param>
public sealed record ItemSource(ServiceIntegration Resource, JsonValue Parameters, ReaderConfig Config);

/// <summary>Where the results of a map run are written to: a <c>ResultWriter</c>, evaluated.</summary>
/// <param name="Resource">Such as <c>arn:aws:states:::s3:putObject</c>.</param>
/// <param name="Parameters">The evaluated Parameters or Arguments.</param>
public sealed record ResultDestination(ServiceIntegration Resource, JsonValue Parameters, WriterConfig Config);
