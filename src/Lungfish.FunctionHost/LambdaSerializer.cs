using System.Reflection;

namespace Lungfish.FunctionHost;

/// <summary>The serializer that a function names by attribute.</summary>
/// <remarks>Found by name: each function brings its own version of Amazon.Lambda.Core, or none.</remarks>
internal sealed class LambdaSerializer
{
    private const string AttributeName = "Amazon.Lambda.Core.LambdaSerializerAttribute";

    private readonly object _serializer;
    private readonly MethodInfo _serialize;
    private readonly MethodInfo _deserialize;

    private LambdaSerializer(Type type)
    {
        _serializer = Activator.CreateInstance(type)
            ?? throw new LambdaValidationException($"The serializer {type} cannot be created.");
        _serialize = GetMethod("Serialize", parameterCount: 2);
        _deserialize = GetMethod("Deserialize", parameterCount: 1);
    }

    public static LambdaSerializer? Find(MethodInfo method)
    {
        var attributes = method.GetCustomAttributesData().Concat(method.Module.Assembly.GetCustomAttributesData());
        var attribute = attributes.FirstOrDefault(a => a.AttributeType.FullName == AttributeName);
        return attribute?.ConstructorArguments is [{ Value: Type type }, ..] ? new LambdaSerializer(type) : null;
    }

    public object? Deserialize(Type type, Stream stream) =>
        _deserialize.MakeGenericMethod(type).Invoke(_serializer, [stream]);

    public void Serialize(Type type, object? value, Stream stream) =>
        _ = _serialize.MakeGenericMethod(type).Invoke(_serializer, [value, stream]);

    private MethodInfo GetMethod(string name, int parameterCount) =>
        _serializer.GetType().GetMethods().FirstOrDefault(m =>
            m.Name == name && m.IsGenericMethodDefinition && m.GetParameters().Length == parameterCount)
        ?? throw new LambdaValidationException($"The serializer {_serializer.GetType()} has no method {name}.");
}
