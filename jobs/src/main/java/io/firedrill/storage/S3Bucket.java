package io.firedrill.storage;

/** Where in S3 a store lies: the prefix is empty or ends with a slash. */
record S3Bucket(String name, String prefix, String region) {
    String fullKey(ObjectKey key) {
        return prefix + key;
    }

    String location() {
        return "s3://" + name + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }
}
