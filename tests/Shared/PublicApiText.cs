using System.Reflection;
using System.Text;

namespace Lungfish.Tests.Shared;

/// <summary>What an assembly shows to its users, as text: a line for each type and member, sorted.</summary>
internal static class PublicApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext s_nullability = new();

    /// <summary>What is wrong with the file that lists the API, or null; it is written anew if asked for.</summary>
    /// <remarks>Set LUNGFISH_ACCEPT_API=1 to accept a change, and read the diff.</remarks>
    public static string? Compare(Assembly assembly, string file)
    {
        var now = Of(assembly);
        if (Environment.GetEnvironmentVariable("LUNGFISH_ACCEPT_API") == "1")
        {
            File.WriteAllText(file, now);
        }

        var before = File.Exists(file) ? File.ReadAllText(file) : "";
        if (string.Equals(before, now, StringComparison.Ordinal))
        {
            return null;
        }

        var (old, current) = (before.Split('\n'), now.Split('\n'));
        return string.Join('\n', old.Except(current).Select(line => "- " + line)
            .Concat(current.Except(old).Select(line => "+ " + line))
            .Prepend($"The public API is not that of {file}:"));
    }

    private static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.ToString(), StringComparer.Ordinal))
        {
            text.Append(Header(type)).Append('\n');
            foreach (var member in Members(type).Distinct().Order(StringComparer.Ordinal))
            {
                text.Append("  ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var bases = type.GetInterfaces().Where(face => face.IsPublic).Select(Name).Order(StringComparer.Ordinal);
        var all = type.BaseType is { } parent && parent != typeof(object) && !type.IsValueType
            ? bases.Prepend(Name(parent))
            : bases;
        var list = string.Join(", ", all);
        return $"{kind} {type.Namespace}.{Name(type)}{(list.Length == 0 || type.IsEnum ? "" : " : " + list)}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");
        }

        return type.GetConstructors(Declared).Where(IsVisible)
            .Select(made => $"new({Parameters(made)})")
            .Concat(type.GetFields(Declared).Where(IsVisible).Select(Field))
            .Concat(type.GetProperties(Declared).Where(IsVisible).Select(Property))
            .Concat(type.GetEvents(Declared).Select(one => $"event {one.Name}"))
            .Concat(type.GetMethods(Declared).Where(IsVisible).Where(method => !method.IsSpecialName).Select(Method));
    }

    private static string Field(FieldInfo field) => field.IsLiteral
        ? $"const {Name(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}"
        : $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}";

    private static string Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(true).Where(IsVisible).ToList();
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Length > 0;
        var set = property.SetMethod is { } setter && IsVisible(setter) ? isInit ? " init;" : " set;" : "";
        var required = property.GetCustomAttributesData()
            .Any(data => data.AttributeType.Name == "RequiredMemberAttribute") ? "required " : "";
        return $"{required}{Modifiers(accessors[0])}{Nullable(s_nullability.Create(property))} {property.Name}"
            + $"{Indexes(property)} {{{(property.CanRead ? " get;" : "")}{set} }}";
    }

    private static string Indexes(PropertyInfo property) => property.GetIndexParameters() is { Length: > 0 } indexes
        ? $"[{string.Join(", ", indexes.Select(index => Name(index.ParameterType)))}]"
        : "";

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
            : "";
        return $"{Modifiers(method)}{Nullable(s_nullability.Create(method.ReturnParameter))} {method.Name}{generic}"
            + $"({Parameters(method)})";
    }

    private static string Modifiers(MethodBase method) =>
        (method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "")
        + method switch
        {
            { IsStatic: true } => "static ",
            { DeclaringType.IsInterface: true } => "",
            { IsAbstract: true } => "abstract ",
            { IsFinal: true } or { IsVirtual: false } => "",
            _ when method is MethodInfo info && info.GetBaseDefinition() != info => "override ",
            _ => "virtual ",
        };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Nullable(s_nullability.Create(parameter))} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "")));

    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(PropertyInfo property) => property.GetAccessors(nonPublic: true).Any(IsVisible);

    private static bool IsVisible(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static string Nullable(NullabilityInfo info) =>
        Name(info.Type) + (info.ReadState == NullabilityState.Nullable && !info.Type.IsValueType ? "?" : "");

    private static string Name(Type type)
    {
        if (System.Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Name(inner) + "?";
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType() ?? typeof(object)) + "[]";
        }

        var name = type.Name.Split('`')[0];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
