package io.mailserver.web;

import io.mailserver.account.AccountLinks;
import io.mailserver.account.RequestLogin;
import io.mailserver.base.OperatorException;
import io.mailserver.net.HttpMount;
import io.mailserver.net.TextRoutes;
import io.mailserver.net.TextRoutes.Answer;
import io.mailserver.net.TextRoutes.Route;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /links}: what the page behind an operator's one-time link asks. The link's secret comes in the body, never in an address, so that
 * no log and no other site sees it. Nobody is signed in by it: whoever has set a password signs in with that.
 *
 * <p>Safe for use by any thread.
 */
public final class LinkEndpoints {
    private static final long MAX_BODY_OCTETS = 16 << 10;

    private final AccountLinks links;

    public LinkEndpoints(AccountLinks links) {
        this.links = links;
    }

    /** To be mounted wherever people sign in. */
    public HttpMount mount() {
        return new HttpMount("/links", MAX_BODY_OCTETS, new TextRoutes(List.of(
                new Route(HttpMethod.POST, "/links/look", (request, response) -> told(response, () -> look(request))),
                new Route(HttpMethod.POST, "/links/use", (request, response) -> told(response, () -> use(request))))));
    }

    @FunctionalInterface
    private interface Step {
        Answer answer() throws IOException, JsonBody.BadRequest, AccountLinks.RefusedException;
    }

    private static Answer told(Response response, Step step) throws IOException {
        return JsonBody.told(() -> {
            try {
                return step.answer();
            } catch (AccountLinks.RefusedException e) {
                e.retryAfter().ifPresent(after -> response.getHeaders().put(HttpHeader.RETRY_AFTER, Math.max(1, after.toSeconds())));
                return JsonBody.error(e.retryAfter().isPresent() ? 429 : 404, String.valueOf(e.getMessage()));
            } catch (OperatorException e) {
                return JsonBody.error(422, String.valueOf(e.getMessage()));
            }
        });
    }

    private Answer look(Request request) throws IOException, JsonBody.BadRequest, AccountLinks.RefusedException {
        JsonBody.requireConfidential(request);
        String token = JsonBody.required(JsonBody.read(request), "token");
        AccountLinks.Offer offer = links.look(token, RequestLogin.client(request));
        ObjectNode answer = JsonNodeFactory.instance.objectNode()
                .put("domain", offer.domain().toString())
                .put("existing", offer.existing())
                .put("expires", offer.expires().toString());
        offer.localPart().ifPresent(name -> answer.put("name", name));
        return JsonBody.answer(answer);
    }

    private Answer use(Request request) throws IOException, JsonBody.BadRequest, AccountLinks.RefusedException {
        JsonBody.requireConfidential(request);
        JsonNode wanted = JsonBody.read(request);
        String address = links.use(
                JsonBody.required(wanted, "token"), JsonBody.optional(wanted, "name").orElse(""),
                JsonBody.optional(wanted, "displayName").orElse(""), JsonBody.required(wanted, "password"),
                RequestLogin.client(request)).toString();
        return JsonBody.answer(JsonNodeFactory.instance.objectNode().put("username", address));
    }
}
