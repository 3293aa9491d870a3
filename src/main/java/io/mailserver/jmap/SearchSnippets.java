package io.mailserver.jmap;

import io.mailserver.mime.MessageText;
import io.mailserver.search.Query;
import io.mailserver.store.EmailId;
import io.mailserver.store.EmailParts;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoredEmail;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** SearchSnippet/get (RFC 8621 §5): the words that were looked for, marked where they were found. */
final class SearchSnippets implements JmapMethod {
    /** What of a text is looked through. */
    private static final int MAX_CHARACTERS = 64 << 10;

    private static final int MAX_OCTETS = 255;
    private static final int PREVIEW = 200;

    /** What stands before the first word found. */
    private static final int BEFORE = 40;

    @Override
    public ObjectNode call(MethodCall call) throws MethodException, StoreException {
        JmapAccount account = call.account();
        Arguments arguments = call.arguments();
        EmailFilter filter = EmailFilter.of(arguments.object("filter").orElse(null));
        List<String> ids = arguments.strings("emailIds").orElseThrow(() -> MethodException.invalidArguments("emailIds is missing"));
        arguments.rejectOthers();
        int limit = account.services().config().maxObjectsInGet();
        if (ids.size() > limit) {
            throw new MethodException("requestTooLarge", "at most " + limit + " ids");
        }
        List<EmailFilter> conditions = new ArrayList<>();
        filter.addUndecided(conditions);
        Optional<Pattern> inSubject = words(conditions, query -> query instanceof Query.Text
                || (query instanceof Query.Header header && header.name().equalsIgnoreCase("subject")));
        Optional<Pattern> inBody = words(conditions, query -> query instanceof Query.Text || query instanceof Query.Body);
        Map<String, StoredEmail.State> states = new HashMap<>();
        EmailType.states(account.emails(), ids).forEach(state -> states.put(state.id().toString(), state));
        Map<EmailId, EmailParts> parts = account.emails().parts(states.values());
        ObjectNode response = Json.object().put("accountId", account.id());
        ArrayNode list = response.putArray("list");
        List<String> notFound = new ArrayList<>();
        for (String id : ids) {
            StoredEmail.State state = states.get(id);
            EmailParts known = state == null ? null : parts.get(state.id());
            if (state == null || known == null) {
                notFound.add(id);
                continue;
            }
            try (EmailSource source = EmailSource.of(account, state, known)) {
                list.add(snippet(id, source, inSubject, inBody));
            } catch (IOException e) {
                throw new StoreException(StoreException.Cause.UNAVAILABLE, "The message cannot be read now", e);
            }
        }
        response.set("notFound", notFound.isEmpty() ? Json.object().nullNode() : Json.array(notFound));
        return response;
    }

    private static ObjectNode snippet(String id, EmailSource source, Optional<Pattern> inSubject, Optional<Pattern> inBody)
            throws StoreException, IOException {
        String subject = HeaderProperty.of("subject").orElseThrow().value(source.headerWith("subject")).stringValue("");
        ObjectNode snippet = Json.object().put("emailId", id);
        snippet.put("subject", inSubject.filter(words -> words.matcher(subject).find()).map(words -> marked(subject, words)).orElse(null));
        String found = null;
        if (inBody.isPresent()) {
            String text = MessageText.of(source.body().root(), source.octets(), MAX_CHARACTERS).replaceAll("\\s+", " ");
            Matcher first = inBody.get().matcher(text);
            found = first.find() ? shortened(around(text, first.start()), inBody.get()) : null;
        }
        return snippet.put("preview", found);
    }

    /** RFC 8621 §5: of at most 255 octets. */
    private static String shortened(String text, Pattern words) {
        String left = text;
        String shown = marked(left, words);
        while (shown.getBytes(StandardCharsets.UTF_8).length > MAX_OCTETS && left.length() > 1) {
            int cut = left.length() - (Character.isLowSurrogate(left.charAt(left.length() - 1)) ? 2 : 1);
            left = left.substring(0, cut);
            shown = marked(left, words);
        }
        return shown;
    }

    /** Some words before and after a place. */
    private static String around(String text, int place) {
        int from = Math.max(0, place - BEFORE);
        int blank = from == 0 ? -1 : text.indexOf(' ', from);
        from = blank >= 0 && blank < place ? blank + 1 : from;
        int to = Math.min(text.length(), from + PREVIEW);
        to = to < text.length() && Character.isLowSurrogate(text.charAt(to)) ? to - 1 : to;
        return text.substring(from > 0 && Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from, to);
    }

    /** The text as HTML, what was found marked. */
    static String marked(String text, Pattern words) {
        StringBuilder out = new StringBuilder();
        Matcher found = words.matcher(text);
        int at = 0;
        while (found.find()) {
            out.append(escaped(text.substring(at, found.start()))).append("<mark>").append(escaped(found.group())).append("</mark>");
            at = found.end();
        }
        return out.append(escaped(text.substring(at))).toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static Optional<Pattern> words(List<EmailFilter> conditions, Predicate<Query> wanted) {
        List<String> words = new ArrayList<>();
        for (EmailFilter condition : conditions) {
            if (condition instanceof EmailFilter.Text text && wanted.test(text.query())) {
                String word = switch (text.query()) {
                    case Query.Text any -> any.text();
                    case Query.Body body -> body.text();
                    case Query.Header header -> header.text();
                    default -> "";
                };
                if (!word.isEmpty()) {
                    words.add(Pattern.quote(word));
                }
            }
        }
        return words.isEmpty()
                ? Optional.empty()
                : Optional.of(Pattern.compile(
                        words.stream().collect(Collectors.joining("|")), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
    }
}
