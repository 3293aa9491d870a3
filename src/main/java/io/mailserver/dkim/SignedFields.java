package io.mailserver.dkim;

import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The fields of a header by name, as signatures take them: from the bottom up (RFC 6376 §5.4.2). */
public final class SignedFields {
    private final Map<String, List<HeaderField>> byName = new HashMap<>();

    public SignedFields(HeaderBlock header) {
        for (HeaderField field : header.fields()) {
            if (!field.malformed()) {
                byName.computeIfAbsent(field.lowerName(), name -> new ArrayList<>()).add(field);
            }
        }
    }

    /** How many fields of a name there are. */
    public int count(String lowerName) {
        return byName.getOrDefault(lowerName, List.of()).size();
    }

    /**
     * Appends the fields that {@code h=} names, canonicalized, each occurrence of a name taking the next from the bottom; those that do
     * not exist add nothing (RFC 6376 §5.4).
     *
     * @param except the signature itself, which never signs itself this way
     */
    public void canonicalize(
            List<String> lowerNames, HeaderField except, Canonicalization canonicalization, ByteArrayOutputStream out) {
        Map<String, Integer> taken = new HashMap<>();
        for (String name : lowerNames) {
            List<HeaderField> fields = byName.getOrDefault(name, List.of());
            int next = fields.size() - 1 - taken.getOrDefault(name, 0);
            if (next >= 0 && fields.get(next) == except) {
                taken.merge(name, 1, Integer::sum);
                next--;
            }
            if (next >= 0) {
                canonicalization.header(fields.get(next), out);
            }
            taken.merge(name, 1, Integer::sum);
        }
    }
}
