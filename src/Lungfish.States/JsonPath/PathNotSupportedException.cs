namespace Lungfish.States.JsonPath;

/// <summary>What stands in place of a path is valid on AWS, and this program cannot evaluate it yet.</summary>
public sealed class PathNotSupportedException(string message) : FormatException(message);
