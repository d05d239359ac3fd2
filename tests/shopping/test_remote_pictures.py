"""Pictures that feeds name elsewhere come by way of us, and nothing else does."""

from ipaddress import IPv4Network
from pathlib import Path

from skills.media.images import read_info
from skills.shopping.product import Product
from skills.shopping.remote_pictures import RemotePictures, picture_url
from tests.media.servers import serving
from tests.media.test_images import PNG
from tests.shopping.shops import a_product

LOOPBACK = (IPv4Network("127.0.0.0/8"),)


def shown(*addresses: str) -> Product:
    return a_product("shop", "hat").model_copy(update={"images": addresses})


def name_of(product: Product, address: str) -> str:
    return Path(picture_url(product, address)).stem


def test_a_picture_is_fetched_once_and_made_a_small_jpeg(tmp_path: Path) -> None:
    with serving(lambda request: request.respond(PNG)) as server:
        hat = shown(f"{server.url}/hat.png")
        pictures = RemotePictures(tmp_path, LOOPBACK)
        name = name_of(hat, hat.images[0])
        assert pictures.kept(hat, name) is None
        found = pictures.fetched(hat, name)
        assert found is not None
        assert read_info(found.read_bytes()).format == "jpeg"
        assert pictures.kept(hat, name) == pictures.fetched(hat, name) == found
        assert [one.path for one in server.requests] == ["/hat.png"]
    assert picture_url(hat, hat.images[0]) == f"/shops/shop/pictures/hat/{name}.jpg"
    assert picture_url(hat, "/shops/shop/pictures/hat.svg") == "/shops/shop/pictures/hat.svg"


def test_what_the_product_does_not_name_is_never_fetched(tmp_path: Path) -> None:
    with serving(lambda request: request.respond(PNG)) as server:
        named, other = shown(f"{server.url}/a.png"), shown(f"{server.url}/b.png")
        pictures = RemotePictures(tmp_path, LOOPBACK)
        assert pictures.fetched(named, name_of(other, other.images[0])) is None
        assert pictures.fetched(named, "../../../etc/passwd") is None
        guarded = RemotePictures(tmp_path)  # this machine is nothing that a feed may name
        assert guarded.fetched(named, name_of(named, named.images[0])) is None


def test_what_is_no_picture_is_not_shown_and_not_asked_for_again_at_once(tmp_path: Path) -> None:
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    with serving(lambda request: request.respond(drawing)) as server:
        hat = shown(f"{server.url}/hat.svg")
        pictures = RemotePictures(tmp_path, LOOPBACK)
        name = name_of(hat, hat.images[0])
        assert pictures.fetched(hat, name) is None
        assert pictures.fetched(hat, name) is None
        assert len(server.requests) == 1
