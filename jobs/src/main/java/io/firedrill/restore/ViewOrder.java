package io.firedrill.restore;

import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonString;

/** Puts views into an order in which each comes after the view that it looks at, as the server checks it against that. */
final class ViewOrder {
    private final Map<Namespace, CollectionShape> waiting = new LinkedHashMap<>();
    private final List<CollectionShape> ordered = new ArrayList<>();

    private ViewOrder(List<CollectionShape> shapes) {
        shapes.stream().filter(CollectionShape::isView).forEach(view -> waiting.put(view.namespace(), view));
    }

    /** The views among the shapes. */
    static List<CollectionShape> of(List<CollectionShape> shapes) {
        var order = new ViewOrder(shapes);
        shapes.forEach(shape -> order.place(shape.namespace()));
        return order.ordered;
    }

    private void place(Namespace name) {
        CollectionShape view = waiting.remove(name);
        if (view == null) {
            return;
        }
        String below = view.options().getString("viewOn", new BsonString("")).getValue();
        if (!below.isEmpty()) {
            place(new Namespace(name.database(), below));
        }
        ordered.add(view);
    }
}
