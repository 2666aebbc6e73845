using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Roux.Server.Security;
using Roux.Tracking.Service;

namespace Roux.Server.Protocol;

/// <summary>One request with what its handler needs.</summary>
internal sealed record Call(HttpContext Http, TrackingService Service, ServerOptions Options, Fields Fields, ServerAccess Server, Caller Caller)
{
    private const int LongList = 1000;

    /// <summary>Ends when the client goes away.</summary>
    public CancellationToken Cancellation => Http.RequestAborted;

    /// <summary>Who asks: the name of the user, or "anonymous" where nobody has to log in.</summary>
    public string Actor => Caller.Name;

    /// <summary>The projects whose things lists may show.</summary>
    public Reach Reach => Caller.Reach;

    /// <summary>Asks for a role where only the handler knows what the call is about.</summary>
    /// <exception cref="ServiceException">The caller lacks it, or may not see the thing, or it is not there.</exception>
    public void Require(Need need) => Server.Gate.Check(Caller, need);

    /// <summary>The registry in the caller's name.</summary>
    public RegistryService Registry => Service.RegistryOf(Actor);

    /// <summary>A part of the path that the route names.</summary>
    public string PathPart(string name) => Http.Request.RouteValues[name] as string ?? "";

    /// <summary>Answers with an empty object when the work is done.</summary>
    public async Task Done(Task work)
    {
        await work.ConfigureAwait(false);
        await Reply.EmptyAsync(Http).ConfigureAwait(false);
    }

    /// <summary>Answers with a JSON object, whose members <paramref name="write"/> writes.</summary>
    public Task Json<T>(T state, Action<Utf8JsonWriter, T> write) => Reply.JsonAsync(Http, state, write);

    /// <summary>Answers with a JSON document.</summary>
    public Task Document(JsonObject document) => Reply.JsonAsync(Http, document, static (json, answer) =>
    {
        foreach (var (name, value) in answer)
        {
            json.WritePropertyName(name);
            if (value is null)
            {
                json.WriteNullValue();
            }
            else
            {
                value.WriteTo(json);
            }
        }
    });

    /// <summary>Answers with a JSON object of a single member.</summary>
    public Task Json<T>(string member, T state, Action<Utf8JsonWriter, T> write) => Reply.JsonAsync(Http, (member, state, write), static (json, answer) =>
    {
        json.WritePropertyName(answer.member);
        answer.write(json, answer.state);
    });

    /// <summary>Answers with a part of a list and the token of the next part.</summary>
    public Task Page<T>(string member, Page<T> page, Action<Utf8JsonWriter, T> write) => page.Items.Count > LongList
        ? Reply.StreamAsync(
            Http, member, page.Items.Count,
            (json, from, to) =>
            {
                for (var index = from; index < to; index++)
                {
                    write(json, page.Items[index]);
                }
            },
            json => WriteNext(json, page.NextOffset))
        : ShortPage(member, page, write);

    private Task ShortPage<T>(string member, Page<T> page, Action<Utf8JsonWriter, T> write) => Reply.JsonAsync(Http, (member, page, write), static (json, answer) =>
    {
        if (answer.page.Items.Count > 0)
        {
            json.WriteStartArray(answer.member);
            foreach (var item in answer.page.Items)
            {
                answer.write(json, item);
            }

            json.WriteEndArray();
        }

        WriteNext(json, answer.page.NextOffset);
    });

    /// <summary>The token of the next part, where there is one.</summary>
    public static void WriteNext(Utf8JsonWriter json, long? offset)
    {
        if (offset is { } next)
        {
            json.WriteString("next_page_token"u8, PageToken.Of(next));
        }
    }
}
