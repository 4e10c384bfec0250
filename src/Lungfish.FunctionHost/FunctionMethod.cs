using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;

namespace Lungfish.FunctionHost;

/// <summary>The function could not be loaded or called; the type name is what callers see.</summary>
internal sealed class LambdaValidationException(string message) : Exception(message);

/// <summary>A handler of the form <c>Assembly::Namespace.Type::Method</c>.</summary>
internal sealed class FunctionMethod
{
    private const string ContextName = "Amazon.Lambda.Core.ILambdaContext";

    private readonly MethodInfo _method;
    private readonly object? _instance;
    private readonly LambdaSerializer? _serializer;

    private FunctionMethod(MethodInfo method)
    {
        _method = method;
        _serializer = LambdaSerializer.Find(method);
        _instance = method.IsStatic || method.DeclaringType is not { } type ? null : Activator.CreateInstance(type);
    }

    public static FunctionMethod Load(string handler, string folder)
    {
        if (handler.Split("::") is not [var assemblyName, var typeName, var methodName])
        {
            throw new LambdaValidationException(
                $"Unable to load the handler '{handler}'. It has the form Assembly::Namespace.Type::Method.");
        }

        var path = Path.Combine(folder, assemblyName + ".dll");
        if (!File.Exists(path))
        {
            throw new LambdaValidationException(
                $"Could not find the specified handler assembly with the file name '{assemblyName}'.");
        }

        ResolveFrom(path);
        var type = AssemblyLoadContext.Default.LoadFromAssemblyPath(path).GetType(typeName)
            ?? throw new LambdaValidationException($"Unable to load type '{typeName}' from assembly '{assemblyName}'.");
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
            | BindingFlags.Static | BindingFlags.FlattenHierarchy;
        return type.GetMethods(Any).Where(m => m.Name == methodName).ToArray() switch
        {
            [var method] => new FunctionMethod(method),
            [] => throw new LambdaValidationException($"Found no method '{methodName}' in type '{typeName}'."),
            _ => throw new LambdaValidationException(
                $"Found more than one method '{methodName}' in type '{typeName}'."),
        };
    }

    /// <summary>What the method gives back, as bytes; nothing for a method without a result.</summary>
    public async Task<byte[]> RunAsync(Invocation invocation)
    {
        var arguments = _method.GetParameters().Select(p => Argument(p, invocation)).ToArray();
        object? result;
        try
        {
            result = _method.Invoke(_instance, arguments);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } thrown)
        {
            ExceptionDispatchInfo.Throw(thrown);
            throw;
        }

        var type = _method.ReturnType;
        if (result is Task task)
        {
            await task;
            type = type.IsGenericType ? type.GetGenericArguments()[0] : typeof(void);
            result = type == typeof(void)
                ? null
                : result.GetType().GetProperty(nameof(Task<int>.Result))?.GetValue(result);
        }

        return type == typeof(void) ? "null"u8.ToArray() : ToBytes(result, type);
    }

    private object? Argument(ParameterInfo parameter, Invocation invocation)
    {
        if (parameter.ParameterType.FullName == ContextName)
        {
            return LambdaContext.Create(parameter.ParameterType, invocation);
        }

        var stream = new MemoryStream(invocation.Event, writable: false);
        return parameter.ParameterType == typeof(Stream)
            ? stream
            : Serializer(parameter.ParameterType).Deserialize(parameter.ParameterType, stream);
    }

    private byte[] ToBytes(object? result, Type type)
    {
        using var bytes = new MemoryStream();
        if (result is Stream stream)
        {
            stream.CopyTo(bytes);
        }
        else
        {
            Serializer(type).Serialize(type, result, bytes);
        }

        return bytes.ToArray();
    }

    private LambdaSerializer Serializer(Type type) => _serializer ?? throw new LambdaValidationException(
        $"Could not find the LambdaSerializerAttribute on the assembly '{_method.Module.Assembly.GetName().Name}' or "
        + $"method '{_method.Name}' while attempting to use input/output data of type '{type}'. To use types other "
        + "than System.IO.Stream as input/output parameters, the assembly or Lambda function should be annotated with "
        + "Amazon.Lambda.LambdaSerializerAttribute.");

    private static void ResolveFrom(string assemblyPath)
    {
        var resolver = new AssemblyDependencyResolver(assemblyPath);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            resolver.ResolveAssemblyToPath(name) is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            resolver.ResolveUnmanagedDllToPath(name) is { } path
                ? System.Runtime.InteropServices.NativeLibrary.Load(path)
                : IntPtr.Zero;
    }
}
