package io.mailserver.check;

import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Passes questions on and remembers every answer, each question once. Safe for use by any thread. */
final class RecordingResolver implements Resolver {
    private final Resolver resolver;
    private final Map<String, Answer<?>> answers = new ConcurrentSkipListMap<>();
    private final Map<String, Integer> times = new ConcurrentHashMap<>();

    RecordingResolver(Resolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public <R extends Rdata> Answer<R> resolve(DnsName name, RecordType<R> type, Duration within) {
        Answer<R> answer = resolver.resolve(name, type, within);
        String question = name + " " + type;
        answers.put(question, answer);
        times.merge(question, 1, Integer::sum);
        return answer;
    }

    /** One line a question, by name. */
    List<String> lines() {
        return answers.entrySet().stream().map(each -> each.getKey() + ": " + said(each.getValue())).toList();
    }

    /** The same for programs. */
    List<Map<String, Object>> data() {
        return answers.entrySet().stream().map(each -> {
            Map<String, Object> data = new LinkedHashMap<>();
            int space = each.getKey().lastIndexOf(' ');
            data.put("name", each.getKey().substring(0, space));
            data.put("type", each.getKey().substring(space + 1));
            data.put("answer", each.getValue().summary());
            data.put("records", each.getValue().records().stream().map(Rdata::presentation).toList());
            data.put("asked", times.getOrDefault(each.getKey(), 1));
            return data;
        }).toList();
    }

    private static String said(Answer<?> answer) {
        return answer.records().isEmpty() ? answer.summary()
                : answer.summary() + ": " + String.join(", ", answer.records().stream().map(Rdata::presentation).toList());
    }
}
