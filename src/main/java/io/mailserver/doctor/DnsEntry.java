package io.mailserver.doctor;

import io.mailserver.dns.DnsName;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A record to publish.
 *
 * @param type such as {@code TXT}
 * @param value as in a zone file, names with their final dot; of TXT the whole text without quotes
 * @param purpose for people, in a few words
 */
public record DnsEntry(DnsName name, String type, String value, String purpose, Place place) {
    /** Who publishes it. */
    public enum Place {
        /** The domain's own zone. */
        ZONE,
        /** As {@link #ZONE}, but the value must be filled in by somebody who knows: it describes what is missing. */
        TO_COMPLETE,
        /** Whoever the address belongs to: the provider. */
        PROVIDER
    }

    /** For programs. */
    public Map<String, Object> data() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", name.text());
        data.put("type", type);
        data.put("value", value);
        data.put("purpose", purpose);
        data.put("place", place.name().toLowerCase(Locale.ROOT));
        return data;
    }

    /**
     * From what {@link #data} made of it.
     *
     * @throws IllegalArgumentException it is not that
     */
    public static DnsEntry of(String name, String type, String value, String purpose, String place) {
        return new DnsEntry(new DnsName(name), type, value, purpose, Place.valueOf(place.toUpperCase(Locale.ROOT)));
    }
}
