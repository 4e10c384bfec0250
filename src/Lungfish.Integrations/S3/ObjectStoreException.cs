namespace Lungfish.Integrations.S3;

/// <summary>A store refused, or could not be asked.</summary>
/// <param name="code">S3's code (<c>NoSuchKey</c>), or <see cref="NoAnswer"/>.</param>
/// <param name="serviceMessage">The words of the service.</param>
/// <param name="httpStatus">0 if nobody answered.</param>
/// <param name="where">What was asked for and where: bucket, key, endpoint.</param>
public sealed class ObjectStoreException(
    string code, string serviceMessage, int httpStatus, string where, Exception? innerException = null)
    : Exception($"{where}: {serviceMessage.TrimEnd('.')} ({code}).", innerException)
{
    /// <summary>The endpoint could not be reached or broke off, after all attempts.</summary>
    public const string NoAnswer = "SdkClientException";

    public string Code => code;

    public string ServiceMessage => serviceMessage;

    public int HttpStatus => httpStatus;

    public string RequestId { get; init; } = "";

    public string ExtendedRequestId { get; init; } = "";

    internal static ObjectStoreException NoSuchBucket(string bucket, string where) =>
        new("NoSuchBucket", "The specified bucket does not exist", 404, $"s3://{bucket} {where}");

    internal static ObjectStoreException NoSuchKey(ObjectName name, string where) =>
        new("NoSuchKey", "The specified key does not exist.", 404, $"{name} {where}");

    /// <summary>The file system does not let us.</summary>
    internal static ObjectStoreException AccessDenied(string path, UnauthorizedAccessException e) =>
        new("AccessDenied", e.Message, 403, path, e);

    internal static ObjectStoreException PreconditionFailed(ObjectName name, string where) => new(
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
        412,
        $"{name} {where}");
}
