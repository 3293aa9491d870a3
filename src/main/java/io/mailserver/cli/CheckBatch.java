package io.mailserver.cli;

import io.mailserver.base.OperatorException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A list of checks: one JSON object a line, several under way at a time, each with a resolver of its own, answers in the order of the
 * questions and as soon as that allows. A line that is wrong is answered with an error; the others go on.
 */
final class CheckBatch {
    private static final int AT_A_TIME = 16;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final CheckWork.Task task;
    private final Command.Call call;
    private final AtomicInteger exit = new AtomicInteger(Command.DONE);

    CheckBatch(CheckWork.Task task, Command.Call call) {
        this.task = task;
        this.call = call;
    }

    /**
     * @param common options that hold for every line that does not say otherwise; {@code file} names the list
     * @return 0 if every line was answered with a result, else 2 for lines not understood or 1 for internal errors
     */
    int run(Map<String, String> common) throws IOException {
        String list = common.getOrDefault("file", "-");
        Map<String, String> defaults = new LinkedHashMap<>(common);
        defaults.remove("file");
        BlockingQueue<Future<ObjectNode>> answers = new ArrayBlockingQueue<>(AT_A_TIME);
        FutureTask<ObjectNode> end = new FutureTask<>(JsonNodeFactory.instance::objectNode);
        try (InputStream in = list.equals("-") ? call.terminal().in() : Files.newInputStream(CheckOptions.readable(list));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> printing = threads.submit(() -> print(answers, end));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String question = line;
                if (!question.isBlank()) {
                    answers.put(threads.submit(() -> answer(question, defaults)));
                }
            }
            answers.put(end);
            printing.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return exit.get();
    }

    static JsonNode json(Map<String, Object> data) {
        return MAPPER.valueToTree(data);
    }

    @SuppressWarnings("ReferenceEquality") // the end is one certain object
    private Void print(BlockingQueue<Future<ObjectNode>> answers, Future<ObjectNode> end) throws InterruptedException, ExecutionException {
        for (Future<ObjectNode> next = answers.take(); next != end; next = answers.take()) {
            call.terminal().out().println(next.get());
        }
        return null;
    }

    private ObjectNode answer(String line, Map<String, String> defaults) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        try {
            JsonNode question = MAPPER.readTree(line);
            if (!question.isObject()) {
                throw new UsageException("not a JSON object");
            }
            if (question.has("id")) {
                answer.set("id", question.get("id"));
            }
            Map<String, String> values = new LinkedHashMap<>();
            defaults.forEach((name, value) -> values.put(CheckOptions.plainName(name), value));
            question.forEachEntry((name, value) -> {
                if (!value.isNull()) {
                    values.put(CheckOptions.plainName(name), value.isString() ? value.asString() : value.toString());
                }
            });
            CheckWork.Result result = task.run(new CheckOptions(values, InputStream.nullInputStream()), call);
            json(result.data()).forEachEntry(answer::set);
        } catch (JacksonException e) {
            fail(answer, Command.MISUSED, "not JSON: " + e.getOriginalMessage());
        } catch (UsageException | OperatorException e) {
            fail(answer, Command.MISUSED, String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            fail(answer, Command.REFUSED, "an internal error happened: " + e);
        }
        return answer;
    }

    private void fail(ObjectNode answer, int code, String reason) {
        answer.put("error", reason);
        exit.accumulateAndGet(code, (old, now) -> old == Command.REFUSED || now == Command.REFUSED ? Command.REFUSED : now);
    }
}
